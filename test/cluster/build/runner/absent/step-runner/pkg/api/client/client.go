// Package client has the types of the step runner's client, and no client: the keyword `run` fails.
package client

import "time"

type RunRequest struct {
	Id, WorkDir, BuildDir, Steps string
	Timeout                      *time.Duration
	Env                          map[string]string
	Variables                    []Variable
}

type Variable struct {
	Key, Value   string
	File, Masked bool
}

type State int

const (
	StateSuccess State = iota + 1
	StateCancelled
)

func (State) String() string { return "not supported by this build" }

type ErrorKind int

const (
	ErrorUnknown ErrorKind = iota
	ErrorInternal
	ErrorStepFailure
	ErrorCancelled
	ErrorTimeout
)

type Status struct {
	State     State
	Message   string
	ErrorKind ErrorKind
}
