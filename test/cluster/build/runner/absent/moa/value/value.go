package value

import (
	"errors"
	"iter"
)

var (
	ErrAttributeNotFound = errors.New("attribute not found")
	ErrInvalidKey        = errors.New("invalid key")
)

type Kind int

const (
	NullKind Kind = iota
	StringKind
	NumberKind
	BoolKind
	ArrayKind
	ObjectKind
)

type Value struct{ text string }

type Mapper interface {
	All() iter.Seq2[Value, Value]
	Attr(string) (Value, error)
	Get(Value) (Value, error)
	Keys() iter.Seq[Value]
	Len() int
	Values() iter.Seq[Value]
	WithMarks(uint16) Mapper
}

func Null() Value              { return Value{} }
func String(text string) Value { return Value{text} }
func Object(Mapper) Value      { return Value{} }

func (Value) Kind() Kind               { return NullKind }
func (v Value) String() string         { return v.text }
func (v Value) WithMarks(uint16) Value { return v }
func (Value) HasMarks(uint16) bool     { return false }
