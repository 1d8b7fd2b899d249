package api

func DefaultSocketPath() string { return "" }
