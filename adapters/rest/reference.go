package rest

import (
	"context"
	"strconv"

	"github.com/roster-directory/roster/domain"
)

// GetContract answers with the contract.
func (h *handlers) GetContract(_ context.Context, request getContractRequest) (getContractResponse, error) {
	return getContract200{file{h.reference.Contract()}}, request.read()
}

// GetReference answers with the page that shows the contract.
func (h *handlers) GetReference(_ context.Context, request getReferenceRequest) (getReferenceResponse, error) {
	return getReference200{file{h.reference.Page()}}, request.read()
}

// GetReferenceAsset answers with a file of that page.
func (h *handlers) GetReferenceAsset(_ context.Context, request getReferenceAssetRequest) (getReferenceAssetResponse, error) {
	if err := request.read(); err != nil {
		return nil, err
	}
	asset, ok := h.reference.Asset(request.path.Asset)
	if !ok {
		return nil, &domain.Error{
			Kind: domain.NotFound, Reason: domain.ReasonUnknown, Detail: "no file " + strconv.Quote(clip(request.path.Asset)),
			Fix: "open /docs, which names its files",
		}
	}
	return getReferenceAsset200{file{asset}}, nil
}
