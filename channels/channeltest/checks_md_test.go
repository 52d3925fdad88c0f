package channeltest_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
)

var update = flag.Bool("update", false, "rewrite CHECKS.md")

func TestLongChecksAreOfTheSuite(t *testing.T) {
	for _, name := range channeltest.Long {
		assert.True(t, slices.ContainsFunc(channeltest.Checks(), func(c channeltest.Check) bool { return c.Name == name }), name)
	}
}

// CHECKS.md says what the code does.
func TestChecksAreListed(t *testing.T) {
	var b strings.Builder
	checks := channeltest.Checks()
	fmt.Fprintf(&b, "# What every channel is checked for\n\nGenerated from the code: `go test ./channels/channeltest -run TestChecksAreListed -update`.\n\n")
	bugs := map[string]bool{}
	for _, p := range planted {
		bugs[p.bug] = true
	}
	fmt.Fprintf(&b, "%d checks, proven by %d planted bugs.\n\n| check | rule | bugs it is proven to catch |\n|---|---|---|\n", len(checks), len(bugs))
	for _, c := range checks {
		var bugs []string
		for _, p := range planted {
			if p.check == c.Name {
				bugs = append(bugs, p.bug)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Name, c.Why, strings.Join(bugs, " · "))
	}
	if *update {
		require.NoError(t, os.WriteFile("CHECKS.md", []byte(b.String()), 0o644))
	}
	kept, err := os.ReadFile("CHECKS.md")
	require.NoError(t, err)
	assert.Equal(t, b.String(), string(kept), "run with -update and read the difference")
}
