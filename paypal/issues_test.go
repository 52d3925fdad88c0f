package paypal_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
)

// TestIssues keeps ISSUES.md; write it anew with
//
//	go test ./paypal -run Issues -update
func TestIssues(t *testing.T) {
	const head = "# PayPal's issues\n\n" +
		"What the client makes of each issue that PayPal's API descriptions of Orders v2 and Payments v2 name (status 422).\n" +
		"Classes say what to do, see `Class`; the kind is the error's sentinel in package `mip`. Anything else is of class `unknown`.\n" +
		"This file is generated: `go test ./paypal -run Issues -update`.\n\n| issue | class | kind |\n|---|---|---|\n"
	var b strings.Builder
	b.WriteString(head)
	all := paypal.Classes()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if strings.ToUpper(name) != name {
			continue // OAuth's
		}
		_, err := client(t, always(422, issue(name)), once).CaptureOrder(t.Context(), capture, orderID)
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, all[name], mip.KindOf(err))
	}
	if *update {
		require.NoError(t, os.WriteFile("ISSUES.md", []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile("ISSUES.md")
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), b.String())
}

// TestIssuesOfTheDescriptions wants a class for every issue that PayPal's
// OpenAPI files name.
func TestIssuesOfTheDescriptions(t *testing.T) {
	specs := os.Getenv("OPENMIP_SPECS")
	if specs == "" {
		t.Skip("OPENMIP_SPECS is not set: the issues of PayPal's OpenAPI files are not checked")
	}
	files, err := filepath.Glob(filepath.Join(specs, "paypal", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	named := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var doc any
		require.NoError(t, json.Unmarshal(raw, &doc))
		collectIssues(doc, named)
	}
	assert.GreaterOrEqual(t, len(named), 218, "the files of February 2024 name 218")
	classes := paypal.Classes()
	for name := range named {
		assert.NotEmpty(t, classes[name], "%s has no class", name)
	}
}

// collectIssues finds {"issue":{"enum":[…]}} and {"issue":"…"} at any depth.
func collectIssues(v any, into map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			collectIssues(e, into)
		}
	case map[string]any:
		switch i := v["issue"].(type) {
		case string:
			into[i] = true
		case map[string]any:
			enum, _ := i["enum"].([]any)
			for _, name := range enum {
				into[fmt.Sprint(name)] = true
			}
		}
		for _, e := range v {
			collectIssues(e, into)
		}
	}
}
