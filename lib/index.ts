/** The one door of the library: everything a notebook uses comes through here. */
export {};
