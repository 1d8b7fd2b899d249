package fields

const (
	HTTPStatusCode = "status_code"
	DurationS      = "duration_s"
)

type Deprecation struct{ Standard string }

// No field of the log has a new name yet.
var (
	Deprecated     = map[string]Deprecation{}
	VariantVersion = map[string]int{}
)

type ServiceMapping struct{}
