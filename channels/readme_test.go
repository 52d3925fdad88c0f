package channels_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/channels/channeltest"
)

var update = flag.Bool("update", false, "rewrite the tables in README.md")

// The tables of the guide say what the code does; -update rewrites them.
func TestTheTablesOfTheGuide(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	require.NoError(t, err)
	kept := string(raw)
	text := replace(t, replace(t, kept, "carriers", carriers()), "checks", checks())
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(text), 0o644))
		return
	}
	assert.Equal(t, text, kept, "run with -update and read the difference")
}

// replace puts a table between its two marks.
func replace(t *testing.T, text, mark, table string) string {
	t.Helper()
	before, rest, ok := strings.Cut(text, "<!-- "+mark+" -->\n")
	require.True(t, ok, mark)
	_, after, ok := strings.Cut(rest, "<!-- end of "+mark+" -->")
	require.True(t, ok, mark)
	return before + "<!-- " + mark + " -->\n" + table + "<!-- end of " + mark + " -->" + after
}

func carriers() string {
	var b strings.Builder
	b.WriteString("| carrier | also | Shopify | Magento | Amazon | eBay | tracking page |\n|---|---|---|---|---|---|---|\n")
	for _, c := range channels.UsualCarriers() {
		page := strings.TrimPrefix(c.Page, "https://")
		if page != "" {
			page = "`" + page + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", c.Name, strings.Join(c.Names, ", "), c.Codes[channels.Shopify],
			c.Codes[channels.Magento], c.Codes[channels.Amazon], c.Codes[channels.EBay], page)
	}
	return b.String()
}

// checks tells of each why it is there.
func checks() string {
	var b strings.Builder
	b.WriteString("| check | protects from |\n|---|---|\n")
	for _, c := range channeltest.Checks() {
		fmt.Fprintf(&b, "| %s | %s |\n", c.Name, c.Why)
	}
	return b.String()
}
