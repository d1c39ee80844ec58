using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;

[assembly: TypeForwardedTo(typeof(JournalUnavailableException))]

namespace IncidentActors.Engine.Journals;

/// <summary>The schema cannot be used by this program.</summary>
public sealed class JournalSchemaException(string sentence) : Exception(sentence);
