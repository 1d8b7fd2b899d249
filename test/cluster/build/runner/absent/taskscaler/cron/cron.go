package cron

import (
	"errors"
	"time"
)

type Schedule struct{}

func (Schedule) Contains(time.Time) bool { return true }

// Parse knows the one schedule that the runner writes where none is given.
func Parse(text, _ string) (Schedule, error) {
	if text != "* * * * *" {
		return Schedule{}, errors.New("periods are not supported by this build")
	}
	return Schedule{}, nil
}
