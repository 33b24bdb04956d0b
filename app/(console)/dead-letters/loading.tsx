import { DeadLettersLoading } from "./_ui/dead-letters-loading.tsx";

export default DeadLettersLoading;
