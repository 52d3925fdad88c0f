package shopifytest

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Schema returns Shopify's own schema, read once. It is not part of the
// repository: the environment variable OPENMIP_SPECS names the folder that
// holds it as shopify/admin-2026-10.graphql.gz. nil, nil if that is unset.
var Schema = sync.OnceValues(func() (*ast.Schema, error) {
	specs := os.Getenv("OPENMIP_SPECS")
	if specs == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(specs, "shopify", "admin-2026-10.graphql.gz"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	sdl, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	return gqlparser.LoadSchema(&ast.Source{Name: "admin-2026-10", Input: string(sdl)})
})
