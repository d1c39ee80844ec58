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

/// <summary>The schema cannot be used by this program.</summary>
public sealed class JournalSchemaException(string sentence) : Exception(sentence);
