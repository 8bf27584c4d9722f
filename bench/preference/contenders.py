"""The Python side of bench/preference.ts: what a user would pick instead.

Reads one JSON command a line, answers one JSON line. {"load": folder} reads a case's battles;
{"run": contender} runs it once and answers wall seconds, CPU seconds (all threads of this process)
and, where it makes one, the file with its strengths.
"""

import json
import sys
import time
import warnings

import choix
import evalica
import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
case = {}


def load(folder):
    case["folder"] = folder
    case["winners"] = np.fromfile(f"{folder}/winners.i32", dtype=np.int32)
    case["losers"] = np.fromfile(f"{folder}/losers.i32", dtype=np.int32)
    case["m"] = int(max(case["winners"].max(), case["losers"].max())) + 1
    case["wins"] = win_matrix()
    i, j = np.nonzero(np.triu(case["wins"] + case["wins"].T, 1))
    case["pairs"] = i, j, case["wins"][i, j], case["wins"][j, i]
    names = [f"m{k:04d}" for k in range(case["m"])]
    case["index"] = pd.Index(names)
    case["names"] = [names[k] for k in case["winners"]], [names[k] for k in case["losers"]]
    case["left"] = [evalica.Winner.X] * len(case["winners"])


def win_matrix():
    m = case["m"]
    return np.bincount(case["winners"].astype(np.int64) * m + case["losers"], minlength=m * m).reshape(m, m).astype(float)


def newton(wins, start=None, tolerance=1e-9):
    n = wins + wins.T
    total = wins.sum(1)
    theta = np.zeros(len(wins)) if start is None else start
    for _ in range(50):
        p = expit(theta[:, None] - theta[None, :])
        gradient = total - (n * p).sum(1)
        weight = n * p * (1 - p)
        hessian = np.diag(weight.sum(1)) - weight + weight.sum() / len(wins) ** 2
        step = np.linalg.solve(hessian, gradient)
        theta = theta + step
        if np.abs(step).max() ** 2 < tolerance:
            break
    return theta


def lbfgs():
    i, j, wij, wji = case["pairs"]
    m = case["m"]

    def loss(theta):
        z = theta[i] - theta[j]
        value = (wij * np.logaddexp(0, -z) + wji * np.logaddexp(0, z)).sum()
        slope = (wij + wji) * expit(z) - wij
        return value, np.bincount(i, slope, m) - np.bincount(j, slope, m)

    return minimize(loss, np.zeros(m), jac=True, method="L-BFGS-B", options={"maxiter": 5000, "maxfun": 10000, "ftol": 1e-15, "gtol": 1e-6}).x


def scikit():
    i, j, wij, wji = case["pairs"]
    k = np.arange(len(i))
    x = csr_matrix((np.r_[np.ones(len(i)), -np.ones(len(i))], (np.r_[k, k], np.r_[i, j])), shape=(len(i), case["m"]))
    from scipy.sparse import vstack

    both = vstack([x, x])
    y = np.r_[np.ones(len(i)), np.zeros(len(i))]
    model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-8, max_iter=5000)
    return model.fit(both, y, sample_weight=np.r_[wij, wji]).coef_[0]


def bootstrap():
    rng = np.random.default_rng(0)
    theta = newton(case["wins"])
    flat = case["wins"].ravel()
    p = flat / flat.sum()
    n = int(flat.sum())
    for _ in range(100):
        newton(rng.multinomial(n, p).reshape(case["wins"].shape).astype(float), theta)
    return None


def evalica_raw():
    xs, ys = case["names"]
    scores = evalica.bradley_terry(xs, ys, case["left"], index=case["index"], tolerance=1e-12, limit=10000).scores
    return np.log(scores.reindex(case["index"]).to_numpy())


def newton_raw():
    return newton(win_matrix())


contenders = {
    "NumPy Newton on a win matrix": lambda: newton(case["wins"]),
    "SciPy L-BFGS on counts": lbfgs,
    "scikit-learn LogisticRegression on counts": scikit,
    "choix ilsr_pairwise_dense on a win matrix": lambda: choix.ilsr_pairwise_dense(case["wins"], tol=1e-8),
    "evalica bradley_terry": evalica_raw,
    "NumPy bincount and Newton": newton_raw,
    "NumPy multinomial and Newton": bootstrap,
}

for line in sys.stdin:
    command = json.loads(line)
    if "load" in command:
        load(command["load"])
        print(json.dumps({"loaded": True}), flush=True)
        continue
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        theta = contenders[command["run"]]()
        answer = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        if theta is not None:
            theta = theta - theta.mean()
            theta.astype(np.float64).tofile(f"{case['folder']}/answer.f64")
            answer["strengths"] = f"{case['folder']}/answer.f64"
    except Exception as error:  # a contender that cannot do a case is listed as such
        answer = {"failed": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(answer), flush=True)
