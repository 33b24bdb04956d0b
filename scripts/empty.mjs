// Stands in for modules that do nothing but guard a bundle of another kind.
export default null;
