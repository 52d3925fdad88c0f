package examples_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the guide for channel authors shows is what is there.
func TestGuide(t *testing.T) {
	raw, err := os.ReadFile("../channels/README.md")
	require.NoError(t, err)
	all, err := blocks(string(raw))
	require.NoError(t, err)
	marked := 0
	for _, b := range all {
		if b.kind != "" {
			marked++
		}
		t.Run(fmt.Sprintf("line %d is true", b.line), func(t *testing.T) {
			assert.NoError(t, verify(b, "..", run(t)))
		})
	}
	assert.Greater(t, marked, 5)
}
