package rest

import (
	"errors"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
)

// ValidConfig checks an adapter's config, a struct, by its validate tags. The
// error is [mip.ErrInvalid] and names the fields that are wrong; it quotes no
// value.
func ValidConfig(name string, config any) error {
	err := validator.New(validator.WithRequiredStructEnabled()).Struct(config)
	if err == nil {
		return nil
	}
	var wrong []string
	if fields, ok := errors.AsType[validator.ValidationErrors](err); ok {
		for _, f := range fields {
			wrong = append(wrong, f.Field()+" ("+f.Tag()+")")
		}
	}
	return &mip.Error{Op: name + " config", Kind: mip.ErrInvalid, Err: errors.New("wrong or missing: " + strings.Join(wrong, ", "))}
}
