using System.Net.Sockets;
using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>How an attempt to commit ended.</summary>
internal enum Attempt
{
    Committed,

    /// <summary>Not applied: a halt was raised or lifted since coverage was evaluated.</summary>
    EpochMoved,

    /// <summary>Not applied: something is not as the turns assume, or transactions stood in each other's way.</summary>
    Conflict,

    /// <summary>Not applied: the lane is no more.</summary>
    LaneLost,

    /// <summary>The answer did not arrive.</summary>
    Unknown,
}

/// <summary>Maps the driver's exceptions; no driver exception leaves the journal.</summary>
internal static class Faults
{
    public static bool IsOfStore(Exception error) =>
        error is NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException;

    public static JournalUnavailableException Unavailable(string description, Exception error, bool notApplied) =>
        new(JournalUnavailableException.Away, notApplied, $"{description}: {(error as PostgresException)?.MessageText ?? error.Message}");

    /// <summary>An ordinary error ends the transaction, so nothing was applied. A fatal one may come after the commit.</summary>
    /// <exception cref="InvalidOperationException">The data of a turn violates a constraint: a message id that exists, text that is not JSON.</exception>
    public static Attempt OfCommit(Exception error)
    {
        if (error is not PostgresException { InvariantSeverity: "ERROR" } said) return Attempt.Unknown;
        return said.SqlState switch
        {
            "IA001" => Attempt.EpochMoved,
            "IA002" or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => Attempt.Conflict,
            "IA003" => Attempt.LaneLost,
            _ when said.SqlState.StartsWith("22", StringComparison.Ordinal) || said.SqlState.StartsWith("23", StringComparison.Ordinal) =>
                throw new InvalidOperationException($"The database refused the data of a turn, which is a fault of this program: {said.MessageText}", error),
            _ => throw said,
        };
    }
}
