//go:build !unix

package killtest_test

import "testing"

func TestKills(t *testing.T) { t.Skip("this system has no SIGKILL") }
