import { NotFoundView } from "../_ui/not-found-view.tsx";

export default NotFoundView;
