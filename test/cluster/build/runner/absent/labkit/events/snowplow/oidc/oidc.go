package oidc

type Option struct{}

func WithSkipIfUnsupportedCloud(bool) Option { return Option{} }

type Source struct{}

func NewSource(...Option) *Source { return &Source{} }
