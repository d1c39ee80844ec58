namespace IncidentActors.Silo;

/// <summary>A port of the silo is taken.</summary>
public sealed class SiloPortException(string sentence) : IOException(sentence);
