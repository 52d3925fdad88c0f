package memstore

import (
	"context"

	"github.com/openmip/openmip/mip"
)

// alive returns an [mip.ErrUnavailable] error once ctx has ended.
func alive(ctx context.Context, op string, ref mip.Ref) error {
	if err := ctx.Err(); err != nil {
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnavailable, Err: err}
	}
	return nil
}
