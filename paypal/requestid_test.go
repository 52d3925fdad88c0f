package paypal_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/paypal"
)

func TestRequestID(t *testing.T) {
	tests := []struct{ name, key, op, want string }{
		{"a plain key is kept", "shop-1001--a1", "create", "shop-1001--a1.create"},
		{"64 characters are plain", strings.Repeat("k", 64), "c", strings.Repeat("k", 64) + ".c"},
		{"a longer key is hashed", strings.Repeat("k", 65), "c", ""},
		{"a key with an address's characters is hashed", "a/b", "refund-1", "sha256-c14cddc033f64b9dea80ea675cf280a015e672516090a5626781153dc68fea11.refund-1"},
		{"a key that looks hashed is hashed", "sha256-1", "c", ""},
		{"no key is none", "", "create", ""},
		{"no operation is none", "a", "", ""},
		{"an operation has no dot", "a", "b.c", ""},
		{"an operation has no capitals", "a", "Create", ""},
		{"an operation is short", "a", strings.Repeat("o", 33), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := paypal.NewRequestID(tt.key, tt.op)
			switch {
			case strings.Contains(tt.name, "is hashed"):
				assert.Regexp(t, `^sha256-[0-9a-f]{64}\.`+tt.op+`$`, got.String())
			default:
				assert.Equal(t, tt.want, got.String())
				assert.Equal(t, tt.want == "", got.IsZero())
			}
		})
	}
	// SHA-256 of "a/b", so that no version gives another id for the same attempt.
	assert.Equal(t, tests[3].want, paypal.NewRequestID("a/b", "refund-1").String())
}

func TestRequestIDsNeverMeet(t *testing.T) {
	safe := regexp.MustCompile(`^[A-Za-z0-9._~-]{1,108}$`)
	key := rapid.OneOf(rapid.StringMatching(`[a-c.]{1,4}`), rapid.StringMatching(`(sha256-)?[a-z0-9.~-]{1,70}`), rapid.StringN(1, 200, -1))
	op := rapid.StringMatching(`[a-c][a-c-]{0,31}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := key.Draw(t, "key"), key.Draw(t, "other key")
		p, q := op.Draw(t, "operation"), op.Draw(t, "other operation")
		id := paypal.NewRequestID(a, p)
		assert.Regexp(t, safe, id.String())
		assert.Equal(t, id, paypal.NewRequestID(a, p))
		assert.Equal(t, a == b && p == q, id == paypal.NewRequestID(b, q))
	})
}
