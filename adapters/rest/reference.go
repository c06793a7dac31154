package rest

import "context"

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
	asset, err := assetOf(h.reference.Site, "/docs", request.path.Asset)
	if err != nil {
		return nil, err
	}
	return getReferenceAsset200{asset}, nil
}
