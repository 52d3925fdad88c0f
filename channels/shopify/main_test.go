package shopify_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// The suite makes many small shops and forgets them at once: collecting the
// garbage less often saves a fifth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
