import { MessagesLoading } from "./_ui/messages-loading.tsx";

export default MessagesLoading;
