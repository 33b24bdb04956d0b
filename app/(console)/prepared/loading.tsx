import { WaitingLoading } from "./_ui/waiting-loading.tsx";

export default WaitingLoading;
