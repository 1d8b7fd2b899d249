package addmask

import (
	"errors"
	"io"
)

type AddMask struct{}

func New(any, io.Writer, io.Writer) (*AddMask, error) {
	return nil, errors.New("proxy-exec is not supported by this build")
}

func (*AddMask) Get(int) io.Writer { return nil }
func (*AddMask) Close() error      { return nil }
