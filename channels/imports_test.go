package channels_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whoever imports one channel links that channel: no database, no queue, no
// engine, no fake, and no other channel.
func TestAChannelLinksOnlyItself(t *testing.T) {
	files, err := filepath.Glob("*/*.go")
	require.NoError(t, err)
	for _, name := range files { // so that a kept result of this test is not believed when one of them changes
		_, err := os.ReadFile(name)
		require.NoError(t, err)
	}
	const here = "github.com/openmip/openmip/"
	raw, err := exec.CommandContext(t.Context(), "go", "list", "-e", "-f", "{{.ImportPath}} {{join .Deps \" \"}}", here+"channels/...").Output()
	require.NoError(t, err)
	heavy := []string{ // database/sql/driver is decimal's
		"modernc.org/", "github.com/jackc/", "github.com/riverqueue/", "database/sql", "testing",
		here + "mip/engine", here + "mip/sqlite", here + "mip/postgres", here + "mip/memstore", here + "bigbuy", here + "paypal", here + "wallet"}
	found := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		deps := strings.Fields(line)
		name := strings.TrimPrefix(deps[0], here)
		if strings.HasSuffix(name, "test") || name == "channels" {
			continue
		}
		found[name] = true
		for _, d := range deps[1:] {
			for _, h := range heavy {
				assert.False(t, d == h || h != "database/sql" && strings.HasPrefix(d, strings.TrimSuffix(h, "/")+"/"), "%s links %s", name, d)
			}
			if other, ok := strings.CutPrefix(d, here+"channels/"); ok {
				assert.True(t, strings.HasPrefix(other, strings.TrimPrefix(name, "channels/")+"/"), "%s links %s", name, d)
			}
		}
	}
	assert.True(t, found["channels/woocommerce"], "the list of channels is not the repository's")
}
