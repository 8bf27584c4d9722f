/**
 * Tile coding: a continuous state as a few active features out of many.
 *
 * Albus 1975, CMAC; Sutton 1996, NIPS 8:1038–1044; as in Sutton & Barto 2018, §9.5.4. Several grids of
 * tiles lie over the space, each shifted by another fraction of a tile; a state switches on one tile in
 * each. What is learned in one place carries over to its neighbourhood and no farther.
 */
import { checkAllFinite, checkInteger, checkLength, checkSameLength } from "../core/checks";
import type { Features } from "./linear";

/** How fine the tiles are. */
export interface TileOptions {
  /** Number of grids; 8 when left out. */
  tilings?: number;
  /** Tiles along each side of a grid; 8 when left out. */
  tiles?: number;
}

/** Tiles over a box of D dimensions. */
export class TileCoding {
  readonly tilings: number;
  readonly tiles: number;
  /** F, the number of features: tilings·(tiles + 1)^D, since a shifted grid needs one tile more. */
  readonly size: number;
  readonly #low: readonly number[];
  readonly #high: readonly number[];
  readonly #ones: Float64Array;

  /**
   * @param low  [D] the box's lower corner
   * @param high [D] its upper corner; states beyond are taken to the edge
   * @throws RangeError when a side of the box is empty
   */
  constructor(low: readonly number[], high: readonly number[], options: TileOptions = {}) {
    checkSameLength("TileCoding", { low, high });
    checkAllFinite("TileCoding: low", low);
    checkAllFinite("TileCoding: high", high);
    const flat = low.findIndex((from, d) => from >= high[d]);
    if (flat >= 0) {
      throw new RangeError(
        `TileCoding: low[${flat}] = ${low[flat]} must be below high[${flat}] = ${high[flat]}.`,
      );
    }
    const { tilings = 8, tiles = 8 } = options;
    checkInteger("TileCoding: tilings", tilings, 1);
    checkInteger("TileCoding: tiles", tiles, 1);
    [this.#low, this.#high, this.tilings, this.tiles] = [[...low], [...high], tilings, tiles];
    this.size = tilings * (tiles + 1) ** low.length;
    this.#ones = new Float64Array(tilings).fill(1);
  }

  /**
   * φ(s): one feature that is 1 in each tiling.
   *
   * Grid k is shifted by (k/tilings)·(1, 3, 5, …) of a tile, modulo one: odd numbers keep the
   * shifts of different dimensions apart (Miller & Glanz 1996).
   *
   * @param state [D]
   */
  features(state: ArrayLike<number>): Features {
    checkLength("TileCoding: state", state, this.#low.length);
    checkAllFinite("TileCoding: state", state);
    const indices = new Int32Array(this.tilings);
    for (let k = 0; k < this.tilings; k++) {
      let index = k;
      for (let d = 0; d < state.length; d++) {
        const shift = ((k * (2 * d + 1)) / this.tilings) % 1;
        const tile = Math.floor(this.#position(state[d], d) + shift);
        index = index * (this.tiles + 1) + tile;
      }
      indices[k] = index;
    }
    return { indices, values: this.#ones };
  }

  /** Where a coordinate lies, in tiles from the lower edge: in [0, tiles). */
  #position(x: number, d: number): number {
    const share = (x - this.#low[d]) / (this.#high[d] - this.#low[d]);
    return this.tiles * Math.min(Math.max(share, 0), 1 - 1e-12);
  }
}
