package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/postgres/pgtest"
)

// TestMain lets the test binary be the command.
func TestMain(m *testing.M) {
	if os.Getenv("DATABASE_URL") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestAWorkerIsKilledAndTheOtherOneFinishes(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-orders", "12")
	cmd.Env = append(os.Environ(), "DATABASE_URL="+pgtest.Database(t))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Run(), "%s", &out)
	assert.Contains(t, out.String(), "---- one was killed")
	assert.Contains(t, out.String(), "12 orders in the shop, 12 bought at BigBuy, 0 of them twice, 12 told back with a tracking number")
	assert.NotContains(t, out.String(), "Prueba", "no line names a customer")
}

func TestWithoutADatabaseItSaysWhatIsMissing(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	assert.ErrorContains(t, run(t.Context(), nil), "DATABASE_URL")
	assert.ErrorContains(t, run(t.Context(), []string{"play"}), "DATABASE_URL")
	t.Setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
	assert.ErrorContains(t, run(t.Context(), []string{"play"}), `"play"`)
}
