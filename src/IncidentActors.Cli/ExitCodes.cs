using System.Net;

namespace IncidentActors.Cli;

/// <summary>What the exit code of <c>incident</c> says: the one place. <c>incident --help</c> prints <see cref="Table"/>.</summary>
public static class ExitCodes
{
    public const int Ok = 0;
    public const int Refused = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int Halted = 4;
    public const int NotFound = 5;
    public const int Unavailable = 6;

    /// <summary>Standard output can no longer be written to (its disk is full): the command itself succeeded.</summary>
    public const int Output = 7;

    /// <summary>As shells report a program that was ended by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>The code that shells report for a program ended by SIGPIPE, because the reader of its output is gone.</summary>
    public const int OutputClosed = 141;

    public const string Table = """
        Exit codes:
            0  done
            1  refused by a rule; its id, a sentence and what is allowed are printed
            2  the command line is wrong, or the server found an argument malformed
            3  the server cannot be reached at its address
            4  a halt covers the work; send it again with the same --key when it is lifted
            5  there is no such thing
            6  the server is overloaded, has no store, failed, or is not understood; sending again with the same --key is safe
            7  what was answered could not be written to standard output; the command itself is done
          130  interrupted (Ctrl-C); what follows events ends so with 0
          141  the reader of standard output is gone (as with | head)
        """;

    public static int Of(HttpStatusCode status) => status switch
    {
        < (HttpStatusCode)300 => Ok,
        < HttpStatusCode.BadRequest => Unreachable,
        HttpStatusCode.BadRequest => Usage,
        HttpStatusCode.NotFound => NotFound,
        HttpStatusCode.Locked => Halted,
        >= HttpStatusCode.InternalServerError => Unavailable,
        _ => Refused,
    };
}
