// The namespace is part of the wire: silos of earlier builds know the exception under this name, in IncidentActors.Engine.
namespace IncidentActors.Engine.Journals;

/// <summary>The store cannot be reached, is overloaded, or did not answer.</summary>
public sealed class JournalUnavailableException : Exception
{
    /// <summary>For callers, where only the log may name the host or the folder.</summary>
    public const string Away = "The journal's database does not answer.";

    private readonly string? sentence;

    /// <param name="sentence">For callers: names neither host nor folder.</param>
    /// <param name="notApplied">True: surely nothing was written. False: the commit's outcome is unknown.</param>
    /// <param name="detail">For the log and the operator's terminal; holds no secret of the connection. Null: the sentence.</param>
    public JournalUnavailableException(string sentence, bool notApplied, string? detail = null)
        : base(detail ?? sentence) => (this.sentence, NotApplied) = (sentence, notApplied);

    /// <summary>The sentence for callers; it names no host and no folder.</summary>
    public string Sentence => sentence ?? Away;

    public bool NotApplied { get; }
}
