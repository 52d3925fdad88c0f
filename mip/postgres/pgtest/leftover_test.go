//go:build unix

package pgtest_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/postgres/pgtest"
)

// child asks TestChild for a server that it never gives back.
const child = "PGTEST_CHILD"

// TestChild is the process that dies with a server.
func TestChild(t *testing.T) {
	if os.Getenv(child) == "" {
		return // nobody asked for one
	}
	pgtest.NewServer(t)
	require.NoError(t, os.WriteFile(filepath.Join(os.TempDir(), "runs"), nil, 0o600))
	time.Sleep(time.Hour)
}

// folder is where a child may leave something behind.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgt") // a short name, for the socket's sake
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o777)) //nolint:gosec // other users work here
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// again returns a command that runs tests of this binary once more.
func again(t *testing.T, dir, tests string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^("+tests+")$")
	cmd.Env = append(append(os.Environ(), "TMPDIR="+dir), env...)
	return cmd
}

// clean reports whether nothing is left of what worked in a folder: no file,
// and no process that names it.
func clean(t *testing.T, dir string) bool {
	t.Helper()
	_ = os.Remove(filepath.Join(dir, "runs"))
	left, err := os.ReadDir(dir)
	processes, psErr := exec.Command("ps", "-eo", "args").Output()
	return err == nil && psErr == nil && len(left) == 0 && !bytes.Contains(processes, []byte(dir))
}

func TestNothingIsLeftOfAKilledTest(t *testing.T) {
	if testing.Short() {
		t.Skip("killing real processes takes a minute: not with -short")
	}
	t.Parallel()
	for name, wait := range map[string]time.Duration{"once it runs": time.Minute, "at once": 10 * time.Millisecond, "as it makes the cluster": 300 * time.Millisecond,
		"later": 700 * time.Millisecond, "as it starts": 1200 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			cmd := again(t, dir, "TestChild", child+"=1")
			require.NoError(t, cmd.Start())
			for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
				if _, err := os.Stat(filepath.Join(dir, "runs")); err == nil {
					break
				}
			}
			require.NoError(t, cmd.Process.Kill())
			_ = cmd.Wait()
			require.Eventually(t, func() bool { return clean(t, dir) }, 30*time.Second, 50*time.Millisecond)
			time.Sleep(time.Second)
			assert.True(t, clean(t, dir), "and it stays so")
		})
	}
}

func TestAnyUserCanHaveAServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	cmd := again(t, dir, "TestEveryTestHasADatabaseOfItsOwn|TestAServerSurvivesStopsAndCrashes", "OPENMIP_TEST_POSTGRES=")
	if os.Geteuid() == 0 { // else this user is not root already
		nobody, err := user.Lookup("nobody")
		require.NoError(t, err)
		uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
		require.NoError(t, err)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
		self, err := os.ReadFile(os.Args[0])
		require.NoError(t, err)
		own := folder(t)
		cmd.Path, cmd.Dir = filepath.Join(own, "test"), own
		require.NoError(t, os.WriteFile(cmd.Path, self, 0o755)) //nolint:gosec // somebody else runs it
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, 2, bytes.Count(out, []byte("--- PASS")), "%s", out)
	assert.Eventually(t, func() bool { return clean(t, dir) }, 30*time.Second, 50*time.Millisecond)
}

func TestAServerThatIsNamedIsUsed(t *testing.T) {
	t.Parallel()
	given := pgtest.NewServer(t).Database(t)
	dir := folder(t)
	out, err := again(t, dir, "TestEveryTestHasADatabaseOfItsOwn", "OPENMIP_TEST_POSTGRES="+given).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "--- PASS")
	assert.True(t, clean(t, dir), "no private one is started")
	assert.Equal(t, 1, count(t, given, "SELECT count(*) FROM pg_database WHERE datname LIKE 'test%'"), "its databases are dropped")

	cmd := again(t, dir, "TestEveryTestHasADatabaseOfItsOwn", "OPENMIP_TEST_POSTGRES="+fmt.Sprintf("postgres:///x?host=%s", dir))
	out, err = cmd.CombinedOutput()
	assert.Error(t, err, "one that is named and not there is no reason to skip")
	assert.Contains(t, string(out), "pgtest:")
}
