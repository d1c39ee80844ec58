namespace IncidentActors.Cli.Drill;

/// <summary>The drill cannot go on; the message says at which call and what the server answered.</summary>
internal sealed class DrillFailedException(string sentence) : Exception(sentence)
{
    public static DrillFailedException Of(string what, Http.ServerAnswer answer) => new(
        answer.Status is null
            ? $"{what}: {answer.Trouble}"
            : $"{what} was answered with {(int)answer.Status} {Http.Problem.Read(answer).Rule}: {Http.Problem.Read(answer).Sentence}");
}
