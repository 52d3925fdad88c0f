package main

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// measured has a row of each kind.
func measured() []area {
	return []area{{"Core", []row{
		{what: "fast", in: "mip", bench: "BenchmarkFast", goals: []goal{{"x-floor", 1.25}, {"ns/op", 300}, {"allocs/op", 2}},
			got: values{"x-floor": 1.2, "ns/op": 250.4, "allocs/op": 1}},
		{what: "slow", in: "mip", bench: "BenchmarkSlow", goals: []goal{{"x-floor", 1.25}, {"x-json", 0}}, shows: []string{"MB/s", "floor-ns/op"},
			got: values{"x-floor": 1.3333, "x-json": 0.01234, "ns/op": 1_250_000, "allocs/op": 33147, "MB/s": 123.4, "floor-ns/op": 4500}},
	}}, {"PostgreSQL", []row{
		{what: "broken", in: "mip/postgres", bench: "BenchmarkBroken", err: errors.New("exit status 1\npanic: a | b")},
		{what: "absent", in: "mip/postgres", bench: "BenchmarkAbsent", needs: "PostgreSQL"},
	}}}
}

// Commit an update only if you understand the difference.
func TestTable(t *testing.T) {
	got := table(measured(), "2026-03-01: a processor")
	if *update {
		require.NoError(t, os.WriteFile("testdata/table.golden.md", []byte(got), 0o600))
	}
	want, err := os.ReadFile("testdata/table.golden.md")
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func TestTheReadmeIsRewrittenBetweenItsLines(t *testing.T) {
	root := t.TempDir()
	name := filepath.Join(root, "README.md")
	require.NoError(t, os.WriteFile(name, []byte("before\n"+begin+"old\n"+end+"after\n"), 0o600))
	require.NoError(t, show(root, "new\n"))
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "before\n"+begin+"new\n"+end+"after\n", string(got))
	require.NoError(t, os.WriteFile(name, []byte("before\n"+begin+"old\n"), 0o600))
	require.Error(t, show(root, "new\n"), "without an end nothing is written")
}
