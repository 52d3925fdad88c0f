//go:build !unix

package clustertest_test

import "testing"

func TestNothingIsLostAndNothingIsDoneTwice(t *testing.T) { t.Skip("this system has no SIGKILL") }
