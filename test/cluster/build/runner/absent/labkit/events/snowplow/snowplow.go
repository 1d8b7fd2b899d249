// Package snowplow has the types of usage events; none can be sent.
package snowplow

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	"gitlab.com/gitlab-org/labkit/v2/events/snowplow/metrics"
	"gitlab.com/gitlab-org/labkit/v2/events/snowplow/oidc"
)

type SendResult struct {
	EventCount, StatusCode int
	Err                    error
}

type SendCallback func(successes, failures []SendResult)

type EmitterOption struct{}

func WithCallback(SendCallback) EmitterOption                              { return EmitterOption{} }
func WithTokenSource(*oidc.Source) EmitterOption                           { return EmitterOption{} }
func WithMetricsCollectorOptions(...metrics.CollectorOption) EmitterOption { return EmitterOption{} }

type Emitter struct{}

func NewEmitter(string, ...EmitterOption) (*Emitter, error) {
	return nil, errors.New("usage events are not supported by this build")
}

func (*Emitter) Collector() prometheus.Collector { return nil }

type Tracker struct{}

func NewTracker(string, *Emitter) (*Tracker, error) { return &Tracker{}, nil }

func (*Tracker) Stop() {}
func (*Tracker) TrackBillingEventWithOptionalInput(BillingEventRequiredInput, BillingEventOptionalInput) error {
	return nil
}

type BillingEventRequiredInput struct {
	Category, EventType, Realm, UnitOfMeasure string
	Quantity                                  float64
}

type BillingEventOptionalInput struct {
	Subject, DeploymentType, InstanceID, UniqueInstanceID   string
	ProjectID, NamespaceID, RootNamespaceID, OrganizationID int64
	Metadata                                                map[string]any
}
