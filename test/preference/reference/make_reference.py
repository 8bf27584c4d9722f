"""Makes reference.json, the answers of other people's programs to this folder's cases.

Run once, in a throw-away environment:

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install -r requirements.txt
    /tmp/reference/bin/python make_reference.py
"""

import csv
import json
import pathlib

import choix
import krippendorff
import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.stats import kendalltau
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa

here = pathlib.Path(__file__).parent
data = here.parents[2] / "data"
out = {"made_with": {m.__name__: m.__version__ for m in (np, scipy, sklearn, statsmodels)} | {"choix": "0.4.1"}}


def rows(name):
    with open(data / f"{name}.csv") as file:
        return list(csv.DictReader(file))


# --- baseball: statsmodels' GLM, one column a team, Baltimore left out -------------------------
games = rows("baseball-1987")
teams = list(dict.fromkeys(g["home_team"] for g in games))
reference = teams.index("Baltimore")


def design(home):
    x = np.zeros((len(games), len(teams) + home))
    for k, g in enumerate(games):
        x[k, teams.index(g["home_team"])] += 1
        x[k, teams.index(g["away_team"])] -= 1
        if home:
            x[k, -1] = 1
    return np.delete(x, reference, axis=1)


wins = np.array([[int(g["home_wins"]), int(g["away_wins"])] for g in games], float)
for name, home, link in (("bradleyTerry", 0, None), ("homeAdvantage", 1, None), ("thurstone", 0, sm.families.links.Probit())):
    family = sm.families.Binomial() if link is None else sm.families.Binomial(link=link)
    fit = sm.GLM(wins, design(home), family=family).fit(tol=1e-14)
    p = fit.predict()
    out[name] = {
        "teams": [t for t in teams if t != "Baltimore"] + (["home"] if home else []),
        "estimates": fit.params.tolist(),
        # statsmodels' bse uses the expected information; for the probit the observed one is wanted
        "standardErrors": fit.bse.tolist() if link is None else None,
        "logLikelihood": float((wins[:, 0] * np.log(p) + wins[:, 1] * np.log(1 - p)).sum()),
    }

# --- scikit-learn: the same with a normal prior of precision 2 (C = 1/2) ------------------------
x, y, w = [], [], []
for k, g in enumerate(games):
    row = np.zeros(len(teams))
    row[teams.index(g["home_team"])], row[teams.index(g["away_team"])] = 1, -1
    x += [row, row]
    y += [1, 0]
    w += [int(g["home_wins"]), int(g["away_wins"])]
ridge = LogisticRegression(C=0.5, fit_intercept=False, tol=1e-12, max_iter=10000).fit(x, y, sample_weight=w)
out["priorPrecision2"] = {"teams": teams, "strengths": ridge.coef_[0].tolist()}

# --- choix: pairs and rankings ------------------------------------------------------------------
rng = np.random.default_rng(0)
pairs = []
for g in games:
    h, a = teams.index(g["home_team"]), teams.index(g["away_team"])
    pairs += [(h, a)] * int(g["home_wins"]) + [(a, h)] * int(g["away_wins"])
out["choixPairs"] = {"teams": teams, "strengths": choix.opt_pairwise(len(teams), pairs, tol=1e-12).tolist()}
theta = np.array([1.0, 0.5, 0.0, -0.5, -1.0])
rankings = []
for _ in range(60):
    size = int(rng.integers(2, 6))
    items = rng.permutation(5)[:size]
    rankings.append([int(i) for i in items[np.argsort(-(theta[items] + rng.gumbel(size=size)))]])
out["rankings"] = {
    "rankings": rankings,
    "choix": choix.opt_rankings(5, rankings, tol=1e-12).tolist(),
}

# --- ties: Nelder–Mead on the likelihoods as the papers write them -------------------------------
puddings = [[int(v) for v in r.values()] for r in rows("chocolate-puddings")]


def maximise(loglik, start):
    best = minimize(lambda v: -loglik(v), start, method="BFGS", options={"gtol": 1e-9})
    best = minimize(lambda v: -loglik(v), best.x, method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-12, "maxiter": 100000, "maxfev": 100000})
    return best


def davidson(v):
    pi, nu, total = np.exp(np.append(v[:5], 0)), np.exp(v[5]), 0
    for i, j, wi, wj, t in puddings:
        a, b = pi[i - 1], pi[j - 1]
        s = a + b + nu * np.sqrt(a * b)
        total += wi * np.log(a / s) + wj * np.log(b / s) + t * np.log(nu * np.sqrt(a * b) / s)
    return total


def rao_kupper(v):
    pi, theta, total = np.exp(np.append(v[:5], 0)), 1 + np.exp(v[5]), 0
    for i, j, wi, wj, t in puddings:
        a, b = pi[i - 1], pi[j - 1]
        first, second = a / (a + theta * b), b / (b + theta * a)
        total += wi * np.log(first) + wj * np.log(second) + t * np.log(1 - first - second)
    return total


for name, loglik, tie in (("davidson", davidson, lambda e: np.exp(e)), ("raoKupper", rao_kupper, lambda e: 1 + np.exp(e))):
    best = maximise(loglik, np.zeros(6))
    pi = np.exp(np.append(best.x[:5], 0))
    out[name] = {"worths": (pi / pi.sum()).tolist(), "tie": float(tie(best.x[5])), "logLikelihood": -best.fun}

# --- agreement ------------------------------------------------------------------------------------
r = np.array([[float(v) if v else np.nan for v in list(u.values())[1:]] for u in rows("krippendorff-2011")]).T
out["krippendorff"] = {
    level: float(krippendorff.alpha(reliability_data=r, level_of_measurement=level))
    for level in ("nominal", "ordinal", "interval", "ratio")
}
out["fleiss"] = float(fleiss_kappa([[int(v) for v in list(s.values())[1:]] for s in rows("fleiss-example")]))
out["randolph"] = float(fleiss_kappa([[int(v) for v in list(s.values())[1:]] for s in rows("fleiss-example")], method="randolph"))
a, b = rng.integers(1, 6, 80), rng.integers(1, 6, 80)
b = np.where(rng.random(80) < 0.6, a, b)
out["cohen"] = {
    "first": a.tolist(),
    "second": b.tolist(),
    "nominal": cohen_kappa_score(a, b),
    "linear": cohen_kappa_score(a, b, weights="linear"),
    "quadratic": cohen_kappa_score(a, b, weights="quadratic"),
}
out["kendall"] = float(kendalltau(a, b).statistic)

with open(here / "reference.json", "w") as file:
    json.dump(out, file, indent=1)
    file.write("\n")
