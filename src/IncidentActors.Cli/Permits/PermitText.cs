using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Permits;
using Spectre.Console;

namespace IncidentActors.Cli.Permits;

/// <summary>Permits on the terminal.</summary>
internal static class PermitText
{
    public static void Details(Line line, PermitView permit)
    {
        var now = line.Terminal.Now;
        line.Screen.MarkupLine($"[bold]{Markup.Escape(permit.Id)}[/]  {Words.State(permit.Status)}  {Markup.Escape(Action(permit))}");
        line.Screen.Write(Facts.New()
            .With("holder", $"{Markup.Escape(permit.Holder)}{(permit.Path is { } path ? $" by {Markup.Escape(path)}" : "")}")
            .With("ATP", permit.AtpId is { } atp ? Markup.Escape(atp) : null)
            .With("digest", permit.Digest is { } digest ? Markup.Escape(digest) : null)
            .With("granted", Ago.Both(permit.GrantedAt, now))
            .With("until", Ago.Both(permit.Until, now))
            .With("halt", permit.HaltId is { } halt ? Markup.Escape(halt) : null)
            .With("ended", permit.EndedAt is { } ended ? $"{Ago.Both(ended, now)} by {Markup.Escape(permit.EndedBy ?? "-")}" : null)
            .With("notes", permit.Notes is { } notes ? Markup.Escape(notes) : null)
            .With("break-glass", permit.BreakGlass is { } reason ? Markup.Escape(reason) : null));
    }

    public static ListTable List(IEnumerable<PermitView> permits, DateTimeOffset now)
    {
        var table = new ListTable("id", "status", "action", "holder", "granted", "until", "halt");
        foreach (var permit in permits)
        {
            table.AddRow(
                Markup.Escape(permit.Id), Words.State(permit.Status), Markup.Escape(Action(permit)), Markup.Escape(permit.Holder),
                Ago.Relative(permit.GrantedAt, now), Ago.Relative(permit.Until, now), Words.Text(permit.HaltId));
        }

        return table;
    }

    private static string Action(PermitView permit) =>
        permit.Action + (permit.Target is { } target ? $" on {target}" : "") + (permit.Environment is { } environment ? $" in {environment}" : "");
}
