/** Settings by the names of config.toml. */
export interface Settings { [key: string]: any }
