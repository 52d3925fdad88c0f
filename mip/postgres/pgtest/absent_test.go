package pgtest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// listening hears how a test is ended.
type listening struct {
	testing.TB
	skipped, failed string
}

func (l *listening) Helper()                     {}
func (l *listening) Skipf(f string, args ...any) { l.skipped = fmt.Sprintf(f, args...) }
func (l *listening) Fatalf(f string, args ...any) {
	if l.failed == "" {
		l.failed = fmt.Sprintf(f, args...)
	}
}

func TestWithoutAServerATestIsSkippedOrFails(t *testing.T) {
	const line = "pgtest: PostgreSQL is not installed; install it or set OPENMIP_TEST_POSTGRES"
	for require, skips := range map[string]bool{"": true, "chromium": true, "postgres": false, "chromium,postgres": false} {
		t.Setenv("OPENMIP_REQUIRE", require)
		var l listening
		absent(&l, errNotInstalled)
		if skips {
			assert.Equal(t, line, l.skipped, require)
			assert.Empty(t, l.failed)
		} else {
			assert.Equal(t, "pgtest: PostgreSQL is not installed", l.failed, require)
		}
		l = listening{}
		absent(&l, errors.New("initdb: no room"))
		assert.NotEmpty(t, l.failed, "a server that is there and does not start is no reason to skip")
	}
}
