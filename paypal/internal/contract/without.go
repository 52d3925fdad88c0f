//go:build !openapi

package contract

import "net/http"

// Specs is PayPal's OpenAPI files, read. It is safe for concurrent use.
type Specs struct{}

// Validator returns [ErrNotBuilt].
func Validator(string) (*Specs, error) { return nil, ErrNotBuilt }

// Request returns what is wrong with a request: nothing is looked at.
func (*Specs) Request(*http.Request) []string { return nil }

// Answer returns what is wrong with an answer: nothing is looked at.
func (*Specs) Answer(*http.Request, int, http.Header, []byte) []string { return nil }

// Issues returns the refusals that the files name: none.
func (*Specs) Issues() []string { return nil }
