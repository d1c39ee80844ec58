using System.CommandLine;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Permits;
using Spectre.Console;

namespace IncidentActors.Cli.Permits;

/// <summary><c>incident gate ACTION</c>: a pipeline asks whether it may go on. Exit codes: 0 allowed, 4 halted, 1 refused, 6 not known.</summary>
internal static class GateVerb
{
    public static Command Make(Verbs verbs)
    {
        var action = Given.Word("action", "What the pipeline is about to do", "deploy", "rollback", "migrate");
        var service = Given.Text("--service", "The service that it changes (--target)");
        var wanted = new PermitOptions();
        var hold = new Option<bool>("--hold") { Description = "Keep the permit and print its id; end it with: incident permits end ID done" };
        return verbs.Acting("gate", "For pipelines: may this start now? 0 allowed, 4 halted, 1 refused, 6 not known", [action, service, .. wanted.All, hold],
            async (line, cancel) =>
            {
                var body = wanted.Body(line, line.Value(action), "gate");
                if (line.Value(service) is { } target) body["target"] = target;
                var answer = await line.SendAsync("/api/permits", body, line.Key, cancel);
                if (!answer.Ok)
                {
                    line.Refused(answer);
                    return answer.ExitCode is ExitCodes.Halted ? ExitCodes.Halted
                        : answer.ExitCode is ExitCodes.Unreachable or ExitCodes.Unavailable ? ExitCodes.Unavailable
                        : ExitCodes.Refused;
                }

                var permit = answer.Read<PermitView>();
                if (line.Value(hold))
                {
                    line.Terminal.Out.WriteLine(permit.Id);
                    return ExitCodes.Ok;
                }

                await line.SendAsync(
                    $"/api/permits/{permit.Id}/end", JsonParts.Body(("outcome", "done"), ("notes", "the gate only asked")), $"{line.Key}-end", cancel);
                line.Terminal.Errors.MarkupLineInterpolated($"[green]allowed[/] {permit.Action} {permit.Target} {permit.Environment}");
                return ExitCodes.Ok;
            });
    }
}
