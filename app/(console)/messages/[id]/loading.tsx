import { MessageSkeleton } from "./_ui/message-skeleton.tsx";

export default MessageSkeleton;
