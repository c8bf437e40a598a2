// Classes with the names, bases and members that PADME's reconstruction writes (padme-fw, PadmeRoot): enough for
// ROOT to lay a file out in the same way, and nothing of what those classes do.

#include <vector>

#include "TClonesArray.h"
#include "TObject.h"
#include "TTimeStamp.h"
#include "TVector3.h"

class TRecoEvent : public TObject {
public:
  Int_t fRunNumber = 0;
  Int_t fEventNumber = 0;
  Double_t fTime = 0.0;
  TTimeStamp fRecoTime{0, 0};
  TTimeStamp fEventTime{0, 0};
  ULong64_t fRunClock = 0;
  UInt_t fEventStatus = 0;
  UInt_t fTriggerMask = 0;
  ClassDef(TRecoEvent, 1)
};

class TMCVHit : public TObject {
public:
  Int_t fChannelId = -1;
  TVector3 fPosition;
  Double_t fEnergy = 0.0;
  Double_t fTime = 0.0;
  ClassDef(TMCVHit, 1)
};

class TRecoVHit : public TMCVHit {
public:
  UInt_t fBDCHid = 0;
  ULong64_t fStatus = 0;
  ClassDef(TRecoVHit, 2)
};

class TRecoVCluster : public TMCVHit {
public:
  Int_t fSeed = -1;
  Int_t fNHitsInClus = 0;
  std::vector<Int_t> fHitVecInClus;
  ULong64_t fStatus = 0;
  ClassDef(TRecoVCluster, 2)
};

class TRecoVObject : public TObject {
public:
  Int_t fNHits = 0;
  TClonesArray *fHits = new TClonesArray("TRecoVHit", 100);
  void Empty() { fHits->Clear("C"); fNHits = 0; }
  TRecoVHit *Add() { return static_cast<TRecoVHit *>(fHits->ConstructedAt(fNHits++)); }
  ClassDef(TRecoVObject, 1)
};

class TRecoVClusCollection : public TObject {
public:
  Int_t fNElements = 0;
  TClonesArray *fClus = new TClonesArray("TRecoVCluster", 100);
  void Empty() { fClus->Clear("C"); fNElements = 0; }
  TRecoVCluster *Add() { return static_cast<TRecoVCluster *>(fClus->ConstructedAt(fNElements++)); }
  ClassDef(TRecoVClusCollection, 1)
};

class TTargetRecoEvent : public TRecoVObject {
public:
  ClassDef(TTargetRecoEvent, 1)
};

class TECalRecoEvent : public TRecoVObject {
public:
  ClassDef(TECalRecoEvent, 1)
};

class TECalClusCollection : public TRecoVClusCollection {
public:
  ClassDef(TECalClusCollection, 1)
};

class TLeadGlassRecoEvent : public TRecoVObject {
public:
  Double_t fLGPedestal = 0.0;
  Double_t fLGPedestalRMS = 0.0;
  Double_t fLGTotalCharge = 0.0;
  Double_t fLGTotalEnergy = 0.0;
  Double_t fLGNPoTs = 0.0;
  Double_t fLGBunchLength = 0.0;
  Double_t fLGBunchBBQ = 0.0;
  ClassDef(TLeadGlassRecoEvent, 1)
};

class TTargetRecoBeam : public TObject {
public:
  Double_t fXCentroid = 0.0, fXCentroidError = 0.0, fYCentroid = 0.0, fYCentroidError = 0.0;
  Double_t fXWidth = 0.0, fXWidthError = 0.0, fYWidth = 0.0, fYWidthError = 0.0;
  Double_t fXCfit = 0.0, fXCfitError = 0.0, fYCfit = 0.0, fYCfitError = 0.0;
  Double_t fXWfit = 0.0, fXWfitError = 0.0, fYWfit = 0.0, fYWfitError = 0.0;
  Double_t fXChi2 = 0.0, fXNdof = 0.0, fYChi2 = 0.0, fYNdof = 0.0;
  Double_t fXCharge = 0.0, fXChargeError = 0.0, fYCharge = 0.0, fYChargeError = 0.0;
  Double_t fXTime = 0.0, fXTimeError = 0.0, fYTime = 0.0, fYTimeError = 0.0;
  Double_t fnPOT = 0.0, fnPOTError = 0.0;
  ClassDef(TTargetRecoBeam, 1)
};
