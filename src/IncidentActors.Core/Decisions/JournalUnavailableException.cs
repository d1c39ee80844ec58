// The namespace is part of the wire: silos of earlier builds know the exception under this name, in IncidentActors.Engine.
namespace IncidentActors.Engine.Journals;

/// <summary>The store cannot be reached, is overloaded, or did not answer.</summary>
public sealed class JournalUnavailableException : Exception
{
    /// <param name="sentence">For people; holds no secret of the connection.</param>
    /// <param name="notApplied">True: surely nothing was written. False: the commit's outcome is unknown.</param>
    public JournalUnavailableException(string sentence, bool notApplied)
        : base(sentence) => NotApplied = notApplied;

    public bool NotApplied { get; }
}
