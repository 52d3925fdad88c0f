package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheCommandMeasuresARow(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-quick", "-run", "BenchmarkMoneySum"}, &out, io.Discard))
	assert.Contains(t, out.String(), "| Core |")
	assert.Contains(t, out.String(), "× decimal")
	assert.NotContains(t, out.String(), "failed")
}

func TestARowThatCannotBeMeasuredIsShownAndCounted(t *testing.T) {
	root, err := repository(t.Context())
	require.NoError(t, err)
	b := bench{root: root, count: 1, benchtime: "1x", short: true, progress: io.Discard}
	areas := []area{{"Core", []row{
		{what: "none of that name", in: "mip", bench: "BenchmarkNone"},
		{what: "a unit that is not told", in: "mip", bench: "BenchmarkMoneySum", goals: []goal{{"x-none", 1}}},
		{what: "no package", in: "examples/bench/testdata", bench: "BenchmarkNone"},
	}}}
	failed, err := b.measure(t.Context(), areas)
	require.NoError(t, err)
	assert.Equal(t, 3, failed)
	for _, r := range areas[0].rows {
		assert.Contains(t, r.cells()[0], "failed", r.what)
	}
}

func TestWrongFlagsAreRefused(t *testing.T) {
	for _, args := range [][]string{{"-run", "no row is called that"}, {"-run", "("}, {"-quick", "-update"}, {"-run", "Step", "-update"}, {"-nothing"}} {
		assert.Error(t, run(t.Context(), args, io.Discard, io.Discard), strings.Join(args, " "))
	}
}

// Every row names a benchmark that is there: top level by its function.
func TestEveryRowHasItsBenchmark(t *testing.T) {
	root, err := repository(t.Context())
	require.NoError(t, err)
	for _, a := range all() {
		for _, r := range a.rows {
			files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(r.in), "*_test.go"))
			require.NoError(t, err)
			name, _, _ := strings.Cut(r.bench, "/")
			found := false
			for _, f := range files {
				text, err := os.ReadFile(f)
				require.NoError(t, err)
				found = found || bytes.Contains(text, []byte("func "+name+"(b *testing.B)"))
			}
			assert.True(t, found, "%s has no %s", r.in, name)
		}
	}
}

// The peers of the comparison are in no user's build.
func TestPeersStayInTheirOwnModule(t *testing.T) {
	root, err := repository(t.Context())
	require.NoError(t, err)
	for _, file := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		for _, peer := range []string{"github.com/qmuntal/stateless", "github.com/looplab/fsm"} {
			assert.NotContains(t, string(text), peer, "%s names a peer", file)
		}
	}
}
