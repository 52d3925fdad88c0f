// Package contract holds calls against PayPal's OpenAPI files: what is sent,
// and what is answered. It is for tests only, those of package paypal and of
// its fake.
//
// The files are not part of the repository: the environment variable
// OPENMIP_SPECS names the folder that holds them in its folder "paypal".
package contract

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// Dir returns the folder of PayPal's OpenAPI files; "" if OPENMIP_SPECS is
// not set.
func Dir() string {
	if specs := os.Getenv("OPENMIP_SPECS"); specs != "" {
		return filepath.Join(specs, "paypal")
	}
	return ""
}

// Violation is one thing that the files do not allow. It may quote the call.
type Violation struct {
	Call   string // "POST /v2/checkout/orders"
	Answer bool   // of the answer, not of the request
	What   string
}

// String is for a test's failure message.
func (v Violation) String() string {
	if v.Answer {
		return fmt.Sprintf("%s answers: %s", v.Call, v.What)
	}
	return v.Call + ": " + v.What
}

// Transport returns a RoundTripper that passes calls on to next and reports
// what the files do not allow. It changes nothing and hides no error. report
// is called by the goroutine of the call.
func (s *Specs) Transport(next http.RoundTripper, report func(Violation)) http.RoundTripper {
	return transport{s, next, report}
}

type transport struct {
	specs  *Specs
	next   http.RoundTripper
	report func(Violation)
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := r.Clone(r.Context())
	if r.Body != nil {
		raw, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body, sent.Body = io.NopCloser(bytes.NewReader(raw)), io.NopCloser(bytes.NewReader(raw))
	}
	for _, what := range t.specs.Request(sent) {
		t.report(Violation{Call: r.Method + " " + r.URL.Path, What: what})
	}
	answer, err := t.next.RoundTrip(r)
	if err != nil {
		return answer, err
	}
	raw, broken := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(raw), failing{broken}))
	if broken == nil {
		for _, what := range t.specs.Answer(sent, answer.StatusCode, answer.Header, raw) {
			t.report(Violation{Call: r.Method + " " + r.URL.Path, Answer: true, What: what})
		}
	}
	return answer, nil
}

// failing ends a body as it ended on the way.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
