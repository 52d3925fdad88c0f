//go:build !unix

package pgtest

import (
	"fmt"
	"syscall"
)

// owner is a user of the system.
type owner struct{ Uid, Gid uint32 }

const resume = syscall.SIGTERM

func apart(*owner) *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

// credential: no private cluster on this system; OPENMIP_TEST_POSTGRES names
// one that runs.
func credential() (*owner, error) {
	return nil, fmt.Errorf("no private server on this system: %w", errNotInstalled)
}
