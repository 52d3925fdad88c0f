package paypaltest

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

const (
	upper = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	lower = "0123456789abcdefghjklmnpqrstuvwxyz"
)

// newID returns an id of n characters that no other resource has. The same
// calls in the same order give the same ids.
func (s *Server) newID(kind string, n int) string {
	alphabet := upper
	if kind == "vault" {
		alphabet = lower
	}
	s.seq++
	var out strings.Builder
	for block := 0; out.Len() < n; block++ {
		for _, b := range sha256.Sum256(fmt.Appendf(nil, "%s %d %d", kind, s.seq, block)) {
			if out.Len() < n {
				out.WriteByte(alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return out.String()
}

// debugID is the PayPal-Debug-Id of an answer.
func (s *Server) debugID() string { return "f" + strings.ToLower(s.newID("debug", 12)) }
